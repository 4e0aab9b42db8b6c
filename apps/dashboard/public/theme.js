// Runs before the first paint: the page must not flash in the other theme. src/shell/theme.ts stores the choice.
try {
  const theme = localStorage.getItem('ghostpost-theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // The browser forbids storage: use the system's theme.
}

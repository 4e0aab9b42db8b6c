// Runs before the first paint, so that a chosen theme does not flash. The choice is made in src/shell/theme.ts.
try {
  const theme = localStorage.getItem('ghostpost-theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is forbidden: the system's theme it is.
}

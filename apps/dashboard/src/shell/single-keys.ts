const key = 'ghostpost-single-keys'

/** Whether single keys do anything: who speaks to the browser, or hits keys by mistake, can switch them off. */
export function singleKeysOn(): boolean {
  return localStorage.getItem(key) !== 'off'
}

export function switchSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(key)
  else localStorage.setItem(key, 'off')
}

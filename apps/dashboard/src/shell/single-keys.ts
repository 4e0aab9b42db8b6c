const key = 'ghostpost-single-keys'

/** Whether single-key shortcuts are on. Users of speech input, for example, can switch them off. */
export function singleKeysOn(): boolean {
  return localStorage.getItem(key) !== 'off'
}

export function switchSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(key)
  else localStorage.setItem(key, 'off')
}

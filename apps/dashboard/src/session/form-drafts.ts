/** What was typed into a dialog when the session ended. It stays in memory, for the same user only. */
interface FormDraft {
  user: string
  title: string
  values: ReadonlyMap<string, string | boolean>
}

type FormField = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

let kept: FormDraft | null = null

function fieldsOf(form: HTMLFormElement): FormField[] {
  return [...form.querySelectorAll<FormField>('input[name], select[name], textarea[name]')]
}

function valueOf(field: FormField): string | boolean {
  return field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type)
    ? field.checked
    : field.value
}

/** Whether somebody has changed a field. Choices do not count: they are made again at once. */
export function isChanged(form: HTMLFormElement): boolean {
  return fieldsOf(form).some((field) => {
    if (field instanceof HTMLSelectElement) return false
    if (typeof valueOf(field) === 'boolean')
      return (field as HTMLInputElement).checked !== (field as HTMLInputElement).defaultChecked
    return field.value !== field.defaultValue
  })
}

/** Keeps the form of the open dialog, if somebody has changed it. */
export function keepOpenForm(user: string): void {
  const dialog = document.querySelector<HTMLDialogElement>('dialog[open]')
  const form = dialog?.querySelector('form')
  const title = dialog?.querySelector('h2')?.textContent ?? ''
  if (!form || !isChanged(form)) return
  kept = { user, title, values: new Map(fieldsOf(form).map((field) => [keyOf(field), valueOf(field)])) }
}

function keyOf(field: FormField): string {
  return field instanceof HTMLInputElement && field.type === 'radio'
    ? `${field.name} ${field.value}`
    : field.name
}

/** Fills a form with what was kept of it. Returns whether there was something. */
export function restoreForm(user: string, title: string, form: HTMLFormElement): boolean {
  if (kept === null || kept.title !== title || kept.user !== user) return false
  const { values } = kept
  kept = null
  for (const field of fieldsOf(form)) {
    const value = values.get(keyOf(field))
    if (typeof value === 'boolean' && value !== (field as HTMLInputElement).checked) field.click()
    if (typeof value === 'string' && value !== field.value) setValue(field, value)
  }
  return true
}

/** The setter of the element itself, so that React sees the change as if somebody had typed it. */
function setValue(field: FormField, value: string): void {
  const prototype = Object.getPrototypeOf(field) as object
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value)
  field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }))
}

import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import styles from './filter-bar.module.css'
import { isFiltered, type ListSearch } from './list-search.ts'
import { isSameSearch, readViews, withView, writeViews, type SavedView } from './saved-views.ts'

interface ViewChoiceProps {
  siteId: number
  search: ListSearch
  show: (search: ListSearch) => void
}

/** The saved views of this browser: choose one, save the present filter, delete the shown one. */
export function ViewChoice({ siteId, search, show }: ViewChoiceProps) {
  const [views, setViews] = useState(() => readViews(siteId))
  const [isSaving, setSaving] = useState(false)
  const shown = views.find((view) => isSameSearch(view.search, search))
  const store = (changed: SavedView[]): void => {
    writeViews(siteId, changed)
    setViews(changed)
  }
  return (
    <>
      {views.length > 0 && (
        <select
          aria-label="Saved view"
          className={styles.choice}
          value={shown?.name ?? ''}
          onChange={(event) => show(views.find(({ name }) => name === event.target.value)?.search ?? {})}
        >
          <option value="">Saved view: none</option>
          {views.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
      {shown ? (
        <Button look="quiet" onClick={() => store(views.filter((view) => view !== shown))}>
          Delete this view
        </Button>
      ) : (
        isFiltered(search) && (
          <Button look="quiet" onClick={() => setSaving(true)}>
            Save this view …
          </Button>
        )
      )}
      {isSaving && (
        <FormDialog
          title="Save this view"
          verb="Save"
          request={{ isPending: false, error: null }}
          onSubmit={(fieldText) => {
            store(withView(views, fieldText('name').trim(), search))
            setSaving(false)
          }}
          onClose={() => setSaving(false)}
        >
          <Field label="Name" hint="This browser keeps it, for this site.">
            {(id, hint) => (
              <input id={id} name="name" required maxLength={60} aria-describedby={hint} autoComplete="off" />
            )}
          </Field>
        </FormDialog>
      )}
    </>
  )
}

/**
 * Asks at most once in so many milliseconds, however many want to know; all who ask meanwhile share the answer. An answer
 * that failed is not remembered.
 */
export function rememberBriefly<Subject extends WeakKey, Answer>(
  milliseconds: number,
  ask: (subject: Subject) => Promise<Answer>,
): (subject: Subject) => Promise<Answer> {
  const remembered = new WeakMap<Subject, { answer: Promise<Answer>; until: number }>()
  return (subject) => {
    const known = remembered.get(subject)
    if (known && known.until > performance.now()) return known.answer
    const answer = ask(subject)
    remembered.set(subject, { answer, until: performance.now() + milliseconds })
    answer.catch(() => remembered.delete(subject))
    return answer
  }
}

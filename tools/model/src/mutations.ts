import type { Mutation } from './system/mutated-database.ts'

/**
 * Faults that a change of a statement could bring in: the SQL, what it becomes. The model must find each of them; a
 * test checks that each still changes a statement.
 */
const planted: Readonly<Record<string, readonly [sql: string, becomes: string]>> = {
  'a claim locks no row': [
    `order by id limit 1 for update skip locked ) d ), claimed`,
    `order by id limit 1 ) d ), claimed`,
  ],
  'a claim waits for a locked row': [
    `order by id limit 1 for update skip locked ) d ), claimed`,
    `order by id limit 1 for update ) d ), claimed`,
  ],
  'a claim takes over an expired claim without a record': [
    `when state in ('queued', 'retrying') and next_attempt_at <= now() + interval '1 ms' then`,
    `when (state in ('queued', 'retrying') or claim_expires_at <= now())
       and next_attempt_at <= now() + interval '1 ms' then`,
  ],
  'a claim takes a delivery over that is claimed': [
    `when state in ('queued', 'retrying') and next_attempt_at <= now() + interval '1 ms' then`,
    `when state in ('queued', 'retrying', 'delivering') and next_attempt_at <= now() + interval '1 ms' then`,
  ],
  'a claim comes before the retry is due': [
    `when state in ('queued', 'retrying') and next_attempt_at <= now() + interval '1 ms' then`,
    `when state in ('queued', 'retrying') then`,
  ],
  'a claim ignores a paused destination': [
    `coalesce((select t.state from destinations t where t.id = destination_id), 'enabled') = 'enabled' and`,
    '',
  ],
  'a claim ignores a paused operation': [
    `and coalesce((select o.state from operations o where o.id >= operation_id and o.id <= operation_id
       order by o.id limit 1), '') <> 'paused'`,
    '',
  ],
  'a valid claim is recorded as interrupted': [
    `outcome <> 'interrupted' or d.claim_expires_at <= now()`,
    'true',
  ],
  'a record needs no claim': [
    `d.claim_expires_at <= now()) then d.claim_id end = w.claim_id`,
    `d.claim_expires_at <= now()) then w.claim_id end = w.claim_id`,
  ],
  'an owner cannot record after its claim expired': [
    `outcome <> 'interrupted' or d.claim_expires_at <= now()`,
    `(outcome <> 'interrupted') = (d.claim_expires_at > now())`,
  ],
  'a known outcome corrects no interruption': [
    `and d.attempts = w.number and d.claim_id is null`,
    `and false and d.claim_id is null`,
  ],
  'a known outcome corrects what was sent again': [
    `and d.claim_id is null and ( d.state = 'retrying'`,
    `and ( d.state in ('queued', 'delivering', 'retrying')`,
  ],
  'an unknown outcome corrects an interruption': [`and a.outcome = 'interrupted' )`, ')'],
  'a retry is not left to the sweeper': [
    `sweep_at = case when new_state = 'retrying' then now() + (delay_ms + $1) * interval '1 ms' end,`,
    'sweep_at = case when $1 < 0 then now() end,',
  ],
  'a record does not reach the ledger': [
    `and case when i.operation_id = s.operation_id then i.outcome end = 'waiting'`,
    `and false`,
  ],
  'a record keeps the payload of an erased visitor': [
    `where delivery_id = any(array(select id from settled where not is_kept))`,
    `where false`,
  ],
  'a release needs no claim': [
    `and d.claim_id = w.claim_id and d.state = 'delivering'`,
    `and d.state = 'delivering'`,
  ],
  'a released retry is queued': [
    `state = case when attempts = series_start then 'queued' else 'retrying' end`,
    `state = 'queued'`,
  ],
  'a later payload replaces the first': [
    'on conflict (delivery_id) do nothing',
    'on conflict (delivery_id) do update set body = excluded.body',
  ],
  'a payload is stored after the claim expired': [
    `when state = 'delivering' and claim_expires_at > now() and erased_at is null then claim_id`,
    `when state = 'delivering' and erased_at is null then claim_id`,
  ],
  'a payload is stored after the erasure': [
    `when state = 'delivering' and claim_expires_at > now() and erased_at is null then claim_id`,
    `when state = 'delivering' and claim_expires_at > now() then claim_id`,
  ],
  'a sweep misses expired claims': [
    'coalesce(claim_expires_at > now(), false) as claimed',
    'claim_expires_at is not null as claimed',
  ],
  'a sweep finds claimed deliveries': [
    'coalesce(claim_expires_at > now(), false) as claimed',
    'false as claimed',
  ],
  'a dead worker keeps its claims': [
    'set claim_expires_at = least(claim_expires_at, now()),',
    'set claim_expires_at = claim_expires_at,',
  ],
  'a resend of an unfinished delivery': [
    `where id = $1 and state in ('delivered', 'failed', 'cancelled') and erased_at is null`,
    'where id = $1 and erased_at is null',
  ],
  'a resend without a payload': [
    `and erased_at is null and exists (select from payloads p where p.delivery_id = d.id)`,
    'and erased_at is null',
  ],
  'a resend does not begin a series': [
    `series_start = attempts, next_attempt_at = now(), finished_at = null, delivered_at = null,
       recovered_by = null, sweep_at = now() + $2`,
    `next_attempt_at = now(), finished_at = null, delivered_at = null, recovered_by = null,
       sweep_at = now() + $2`,
  ],
  'a resend does not lock the delivery': [
    'select from deliveries where id = $1 for update',
    'select where $1::uuid is not null',
  ],
  'a cancellation of a claimed delivery': [
    `where id = $1 and state in ('queued', 'retrying')`,
    `where id = $1 and state in ('queued', 'retrying', 'delivering')`,
  ],
  'a cancellation does not reach the ledger': [`outcome = 'cancelled', reason = 'by_hand'`, 'reason = null'],
  'an erasure leaves a payload': [
    'delete from payloads where delivery_id = any($1)',
    'delete from payloads where delivery_id = any($1) and false',
  ],
  'an erasure leaves what waits': [
    `state = case when state = any($2) then 'cancelled' else state end`,
    'state = case when state = any($2) then state else state end',
  ],
  'an erasure cancels a claimed delivery': [
    `state = case when state = any($2) then 'cancelled' else state end`,
    `state = case when state = any($2) or state = 'delivering' then 'cancelled' else state end`,
  ],
  'a key makes a second delivery': [`where k.created_at < now() - interval '24 hours'`, ''],
  'a key lasts longer than a day': [
    `where k.created_at < now() - interval '24 hours'`,
    `where k.created_at < now() - interval '240 hours'`,
  ],
  'retention takes the payload of an unfinished delivery': [
    `and d.state in ('delivered', 'failed', 'cancelled') order by p.built_at`,
    'order by p.built_at',
  ],
  'retention does not lock the delivery': ['for update of p, d skip locked', 'for update of p skip locked'],
  'an operation resends what has changed': [
    `when d.id is null or d.finished_at > $5 then 'state_changed'`,
    `when d.id is null or d.finished_at > $5 + interval '99 days' then 'state_changed'`,
  ],
  'a cancelled operation cancels a claimed delivery': [
    `where operation_id = $1 and state in ('queued', 'retrying') order by id limit $2`,
    `where operation_id = $1 and state in ('queued', 'retrying', 'delivering') order by id limit $2`,
  ],
  'an operation ends while members wait': [
    `where operation_id = $1 and outcome = 'waiting' ) as waiting`,
    `where operation_id = $1 and outcome = 'none' ) as waiting`,
  ],
}

export const mutations: readonly Mutation[] = Object.entries(planted).map(([name, [sql, becomes]]) => ({
  name,
  sql,
  becomes,
}))

import type { Database } from '@ghostpost/infrastructure/database/connection'

/**
 * Makes the suite's own database write down every change of a delivery's state and every takeover of its claim. The
 * product does not know of this table.
 */
const recordMovesSql = `
  create table chaos_moves (
    number bigserial primary key,
    delivery_id uuid not null,
    from_state text,
    to_state text not null
  );
  create index chaos_moves_delivery_idx on chaos_moves (delivery_id);
  create function chaos_record_move() returns trigger language plpgsql as $$
  begin
    insert into chaos_moves (delivery_id, from_state, to_state)
    values (new.id, case when tg_op = 'UPDATE' then old.state end, new.state);
    return null;
  end $$;
  create trigger chaos_new after insert on deliveries
    for each row execute function chaos_record_move();
  create trigger chaos_moved after update on deliveries
    for each row
    when (
      old.state is distinct from new.state
      or (old.claim_id is distinct from new.claim_id and new.state = 'delivering')
    )
    execute function chaos_record_move()`

export async function recordMoves({ pool }: Pick<Database, 'pool'>): Promise<void> {
  await pool.query(recordMovesSql)
}

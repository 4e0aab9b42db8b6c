-- Demonstration data. Every run creates the same rows, and repeating it is safe: site 4 with the documented visitor and
-- a few thousand generated ones, and another tenant's site 7.

insert into sites (id, name)
values
  (4, 'Demo shop'),
  (7, 'Another tenant')
on conflict (id) do nothing;
select setval('sites_id_seq', greatest(100, (select max(id) from sites)));

-- The visitor of the API documentation, field for field.
with jane as (
  insert into visitors (
    site_id,
    ghost_vid,
    score,
    identified_user_id,
    country,
    city,
    device_type,
    browser,
    total_sessions,
    total_pageviews,
    total_time_seconds,
    first_seen,
    last_seen
  )
  values (
    4,
    'gv_a1b2c3d4_e5f6g7h8',
    65,
    'jane@example.com',
    'United States',
    'Austin',
    'desktop',
    'Chrome',
    3,
    11,
    421,
    '2026-03-02T09:12:11.000Z',
    '2026-03-10T17:14:22.000Z'
  )
  on conflict (site_id, ghost_vid) do nothing
  returning id
), session as (
  insert into visitor_sessions (
    visitor_id,
    session_id,
    started_at,
    ended_at,
    pageview_count,
    entry_page,
    exit_page,
    referrer
  )
  select
    id,
    'gs_123',
    '2026-03-10T17:09:10.000Z',
    '2026-03-10T17:14:22.000Z',
    5,
    '/',
    '/pricing',
    'https://google.com'
  from jane
)
insert into events (visitor_id, type, page, occurred_at)
select id, 'pageview', '/pricing', '2026-03-10T17:14:22.000Z'
from jane;

-- Generated visitors: a third identified by e-mail, some by another id, some without a location, some with hostile
-- names.
with numbers as (
  select
    n,
    ('x' || substr(md5('visitor ' || n), 1, 7))::bit(28)::int as r
  from generate_series(1, 3000) n
), places(i, country, city) as (
  values
    (0, 'United States', 'Austin'),
    (1, 'Germany', 'München'),
    (2, 'Japan', '東京'),
    (3, 'Brazil', 'São Paulo'),
    (4, 'Ireland', 'Dublin'),
    (5, null, null),
    (6, 'Côte d''Ivoire', null),
    (7, 'France', 'Paris <Marais> & co')
), made as (
  insert into visitors (
    site_id,
    ghost_vid,
    score,
    identified_user_id,
    name,
    company,
    country,
    city,
    device_type,
    browser,
    total_sessions,
    total_pageviews,
    total_time_seconds,
    first_seen,
    last_seen
  )
  select
    case when n % 10 = 0 then 7 else 4 end,
    'gv_' || substr(md5('vid ' || n), 1, 8) || '_' || substr(md5('vid ' || n), 9, 8),
    r % 101,
    case n % 6
      when 0 then 'lead' || n || '@example.com'
      when 1 then 'lead' || n || '@example.org'
      when 2 then 'user-' || n
    end,
    case n % 6 when 0 then (array['Ann Lee', 'Zoë O''Hara', '*Bold* _Name_', 'محمد علي'])[1 + r % 4] end,
    case n % 6 when 0 then (array['Acme', 'Fish & Chips Ltd', '<b>Corp</b>'])[1 + r % 3] end,
    country,
    city,
    (array['desktop', 'mobile', 'tablet'])[1 + r % 3],
    (array['Chrome', 'Firefox', 'Safari', 'Edge'])[1 + r % 4],
    1 + r % 12,
    1 + r % 60,
    r % 4000,
    timestamptz '2026-01-01T00:00:00Z' + (r % 6000000) * interval '1 second',
    timestamptz '2026-04-01T00:00:00Z' + (r % 5000000) * interval '1 second'
  from numbers
  join places on i = r % 8
  on conflict (site_id, ghost_vid) do nothing
  returning id, total_sessions, last_seen
), sessions as (
  insert into visitor_sessions (
    visitor_id,
    session_id,
    started_at,
    ended_at,
    pageview_count,
    entry_page,
    exit_page,
    referrer
  )
  select
    id,
    'gs_' || id || '_' || s,
    last_seen - s * interval '26 hours' - interval '5 minutes',
    last_seen - s * interval '26 hours',
    1 + s % 5,
    '/',
    (array['/pricing', '/docs', '/signup', '/blog/' || s])[1 + s % 4],
    (array['https://google.com', null, 'https://news.example'])[1 + s % 3]
  from made, generate_series(0, least(total_sessions, 12) - 1) s
)
insert into events (visitor_id, type, page, occurred_at)
select
  id,
  (array['pageview', 'pageview', 'form_submit', 'outbound_click'])[1 + e % 4],
  (array['/pricing', '/docs', '/signup', '/'])[1 + e % 4],
  last_seen - e * interval '37 seconds'
from made, generate_series(0, 7) e;

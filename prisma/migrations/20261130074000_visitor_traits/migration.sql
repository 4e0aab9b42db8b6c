-- The site's own facts about a visitor. No column of "visitors": 1.0.0 reads all columns of that table with a prepared
-- statement, which fails once when their number changes.
CREATE TABLE "visitor_traits" (
    "visitor_id" BIGINT NOT NULL,
    -- Of the record that had these traits. A newer record without traits leaves them behind, and they count no more.
    "last_seen" TIMESTAMPTZ(3) NOT NULL,
    "traits" JSON NOT NULL,

    CONSTRAINT "visitor_traits_pkey" PRIMARY KEY ("visitor_id"),
    CONSTRAINT "visitor_traits_visitor_id_fkey" FOREIGN KEY ("visitor_id")
        REFERENCES "visitors"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "visitor_traits_traits_check" CHECK (
        json_typeof("traits") = 'object' AND octet_length("traits"::text) <= 8192
    )
);

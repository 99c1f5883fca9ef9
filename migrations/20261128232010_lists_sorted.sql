-- Where a page of a sorted list begins, said once for all lists: behind the last row of the page before, whatever the list is sorted by.
-- What has no key comes last in both directions; rows with the same key stand by their id, so that none is shown twice or left out.

CREATE FUNCTION app.comes_after(key text, id uuid, downwards bool, last_key text, last_id uuid) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN last_id IS NULL THEN true
        WHEN key IS NOT DISTINCT FROM last_key THEN id > last_id
        WHEN key IS NULL THEN true
        WHEN last_key IS NULL THEN false
        WHEN downwards THEN key COLLATE "de-x-icu" < last_key
        ELSE key COLLATE "de-x-icu" > last_key END
$$;

GRANT EXECUTE ON FUNCTION app.comes_after(text, uuid, bool, text, uuid) TO kitaplatz_app;

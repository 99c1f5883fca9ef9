-- The operator's list of tenants is sorted like every other.
GRANT EXECUTE ON FUNCTION app.comes_after(text, uuid, bool, text, uuid) TO kitaplatz_ops;

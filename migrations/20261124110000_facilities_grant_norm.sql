-- The operator's role loads postal codes, whose generated column is computed with the rights of who inserts.
GRANT EXECUTE ON FUNCTION app.norm(text) TO kitaplatz_ops;

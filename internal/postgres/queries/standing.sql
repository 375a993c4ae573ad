-- SystemStandings sums up everything that says whether people may work, in the order in
-- which they are named: who is suspended, moved, or logged out has another sum than before.
-- Asked every few seconds for everybody who is connected. Indices: primary keys.
-- name: SystemStandings :many
SELECT md5(concat(a::text, '|', s::text, '|', t::text))::text AS standing
FROM (SELECT unnest(@users::uuid[]) AS user_id, unnest(@sessions::uuid[]) AS session_id, generate_series(1, cardinality(@users::uuid[])) AS place) k
LEFT JOIN account a ON a.id = k.user_id
LEFT JOIN session s ON s.id = k.session_id
LEFT JOIN tenant t ON t.id = a.tenant_id
ORDER BY k.place;

-- Whether this server takes writes (a replica answers, but does not), and what time it has. DEL, because that is a write
-- which a server without memory left takes as well: it must go on taking acknowledgements.
--
-- KEYS[1]  a key that never exists

redis.call('DEL', KEYS[1])
return now

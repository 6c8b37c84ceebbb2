select v.version, 'x' || pg_sleep(0.3) as slow from {versions} v where v.id = 1

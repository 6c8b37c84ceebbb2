select v.version, :number as number, repeat('x', 300) as text from {versions} v where v.id = 1

select version from {versions} where id = 1

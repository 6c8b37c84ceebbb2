select o.id, o.customer, o.total, o.placed
from (select pg_sleep(0.02)) as disk(slept), {orders} o
order by o.id desc

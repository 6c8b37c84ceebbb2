package dev.headroom.service.cache;

import static dev.headroom.service.cache.Fleet.POLICY;
import static dev.headroom.service.cache.Fleet.get;
import static dev.headroom.service.cache.Fleet.giving;
import static dev.headroom.service.cache.Fleet.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.cache.Served.How;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.testkit.TestRedis;
import org.junit.jupiter.api.Test;

/** What is kept in process only is nothing that Redis knows of. */
class ScopesTest {
    @Test
    void anAnswerOfLocalScopeIsKeptByEachInstanceForItselfAndAskedOfNobody() {
        CachePolicy local = POLICY.within(CachePolicy.Scope.LOCAL);
        try (var redis = TestRedis.server();
                var fleet = new Fleet(redis);
                var keys = KeysInRedis.at(redis.url())) {
            var one = fleet.instance();
            var two = fleet.instance();
            assertThat(get(one, local, giving("of one")).how()).isEqualTo(How.MISS);
            assertThat(get(one, local, giving("never asked")).how()).isEqualTo(How.LOCAL_HIT);
            Served other = get(two, local, giving("of two"));
            assertThat(other.how()).isEqualTo(How.MISS);
            assertThat(text(other)).isEqualTo("of two");
            assertThat(text(Fleet.renew(one, local, giving("anew")))).isEqualTo("anew");
            fleet.change(one, two);
            assertThat(text(get(one, local, giving("changed")))).isEqualTo("changed");
            fleet.change(two);
            Served spare = get(two, local, () -> {
                throw new IllegalStateException("gone");
            });
            assertThat(text(spare)).isEqualTo("of two");
            assertThat(keys.jedis().keys("*")).noneMatch(key -> key.contains(Fleet.KEY.text()));
        }
    }
}

package dev.headroom.operator.index.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.index.plan.Owner.Mark;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NamesTest {

    @Property(tries = 300)
    void noNameIsLongerThanPostgresqlKeeps(@ForAll @StringLength(max = 80) String table, @ForAll String column) {
        assertThat(Names.bytes(Names.ofForeignKey(table, List.of(column)))).isLessThanOrEqualTo(Names.LIMIT);
        assertThat(Names.bytes(Names.setAside(table, Long.MAX_VALUE))).isLessThanOrEqualTo(Names.LIMIT);
        assertThat(Names.bytes(Names.retired(Given.OWNER, Long.MAX_VALUE))).isLessThanOrEqualTo(Names.LIMIT);
    }

    @Test
    void namesThatHadToBeCutStayUnlike() {
        String table = "a".repeat(60);
        assertThat(Names.ofForeignKey(table, List.of("one"))).isNotEqualTo(Names.ofForeignKey(table, List.of("two")));
    }

    @Test
    void aCharacterIsNeverCutInTwo() {
        assertThat(Names.withSuffix("ä".repeat(40), "_x")).isEqualTo("ä".repeat(30) + "_x");
        assertThat(Names.withSuffix("𝄞".repeat(20), "_x")).isEqualTo("𝄞".repeat(15) + "_x");
    }

    @Test
    void aMarkReadsBackAsItWasWritten() {
        Mark mark = new Mark("c 1", "uid 1=x", "prod/shop a", "0123456789abcdef", Origin.FOREIGN_KEY);
        assertThat(Mark.read(mark.comment())).contains(mark);
        assertThat(Mark.read(mark.released().comment())).contains(mark.released());
        assertThat(Mark.read("headroom.dev/v1 owner=uid-1 resource=prod/shop definition=0123 origin=declared"))
                .contains(new Mark(null, "uid-1", "prod/shop", "0123", Origin.DECLARED));
        assertThat(Mark.read("headroom.dev/v1 is a nice tool")).isEmpty();
        assertThat(Mark.read(null)).isEmpty();
    }
}

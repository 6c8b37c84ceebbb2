package dev.headroom.service.facets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupReaderTest {
    private final GroupReader reader = new GroupReader(Set.of("lib", "plot"), 3, 2);

    private List<Group> read(String... pairs) {
        List<Map.Entry<String, String>> query = new ArrayList<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            query.add(Map.entry(pair.substring(0, equals), pair.substring(equals + 1)));
        }
        return reader.read(query);
    }

    @Test
    void everyParameterIsAGroupInTheOrderInWhichTheyCame() {
        assertThat(read("lib=a,b", "plot=bar", "lib=c"))
                .containsExactly(
                        new Group("lib", Set.of("a", "b")),
                        new Group("plot", Set.of("bar")),
                        new Group("lib", Set.of("c")));
    }

    @Test
    void blankValuesAreDroppedAndAGroupOfThemIsNoGroup() {
        assertThat(read("lib= , a ,,", "plot=", "plot= ,")).containsExactly(new Group("lib", Set.of("a")));
    }

    @Test
    void unknownCategoriesAreIgnoredAlsoWhenTheBoundIsReached() {
        assertThat(read("lib=a", "utm_source=x", "lib=b", "limit=5", "LIB=c", "plot=d"))
                .hasSize(3);
    }

    @Test
    void oneGroupTooManyIsRefusedByItsName() {
        assertThatThrownBy(() -> read("lib=a", "lib=b", "lib=c", "plot=d"))
                .hasMessage("parameter 'plot' must be left out: a request has at most 3 groups");
    }

    @Test
    void oneValueTooManyIsRefusedByTheGroupsNameAndBlankOnesDoNotCount() {
        assertThat(read("lib=a,,b,")).hasSize(1);
        assertThatThrownBy(() -> read("lib=a,b,a")).hasMessage("parameter 'lib' must be a group of at most 2 values");
    }
}

package dev.headroom.testkit.house;

import static org.junit.jupiter.api.Assertions.fail;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each module extends this with an empty class; it then holds its own sources and classes to the house rules. */
public abstract class HouseTest {
    private static final Path SOURCES = Path.of("src");

    @Test
    void theSourcesKeepTheHouseRules() throws IOException {
        var breaches = new ArrayList<String>();
        if (Files.isDirectory(SOURCES)) {
            breaches.addAll(SourceRules.breaches(SOURCES));
        }
        assertNone(breaches);
    }

    @Test
    void theClassesKeepTheHouseRules() {
        var code = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.headroom");
        assertNone(HouseRules.breaches(code));
    }

    private static void assertNone(List<String> breaches) {
        if (!breaches.isEmpty()) {
            fail(String.join(System.lineSeparator(), breaches));
        }
    }
}

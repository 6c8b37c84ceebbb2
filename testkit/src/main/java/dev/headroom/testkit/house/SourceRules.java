package dev.headroom.testkit.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * What a newcomer can read in an hour: ceilings on files and methods, and names that say something.
 * Bytecode knows neither length nor layout, so these rules read the sources with javac's own parser.
 */
public final class SourceRules {
    static final int FILE_LINES = 500;
    static final int METHOD_LINES = 60;
    private static final Pattern EMPTY_NAME =
            Pattern.compile("(Utils?|Helpers?|(?<!Log)Managers?|Impl|Constants)\\.java$");
    private static final Pattern SWITCHED_OFF = Pattern.compile("@Disabled\\b|@Ignore\\b|\\bThread\\.sleep\\(");

    private SourceRules() {}

    /** Every breach under the folder, each a sentence that names the rule and the place. */
    public static List<String> breaches(Path sources) throws IOException {
        try (var tree = Files.walk(sources)) {
            List<Path> files = tree.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            var breaches = new ArrayList<String>();
            for (Path file : files) {
                breaches.addAll(fileBreaches(file));
            }
            breaches.addAll(longMethods(files));
            return breaches;
        }
    }

    private static List<String> fileBreaches(Path file) throws IOException {
        var breaches = new ArrayList<String>();
        List<String> lines = Files.readAllLines(file);
        if (lines.size() > FILE_LINES) {
            breaches.add("rule file-ceiling: %s has %d lines, over %d: split it where it changes subject"
                    .formatted(file, lines.size(), FILE_LINES));
        }
        if (EMPTY_NAME.matcher(file.getFileName().toString()).find()) {
            breaches.add(
                    "rule names-say-something: %s ends in a word that says nothing: name what it does".formatted(file));
        }
        boolean test = file.startsWith(Path.of("src", "test"));
        for (int i = 0; test && i < lines.size(); i++) {
            if (SWITCHED_OFF.matcher(lines.get(i)).find()) {
                breaches.add("rule tests-run: %s:%d is switched off or waits by the clock: await a condition instead"
                        .formatted(file, i + 1));
            }
        }
        return breaches;
    }

    private static List<String> longMethods(List<Path> files) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("the house rules need a JDK, this is a JRE: set JAVA_HOME to a JDK 25");
        }
        var breaches = new ArrayList<String>();
        try (var sources = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(
                    null, sources, diagnostic -> {}, null, null, sources.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodLengths(unit, positions, METHOD_LINES, breaches).scan(unit, null);
            }
        }
        return breaches;
    }
}

package dev.headroom.testkit.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * What a newcomer can read in an hour: ceilings on files and methods, and names that say something.
 * Bytecode knows neither length nor layout, so these rules read the sources with javac's own parser.
 */
final class SourceRules {
    private static final int FILE_LINES = 500;
    private static final int METHOD_LINES = 60;
    private static final Pattern EMPTY_NAME =
            Pattern.compile("(Utils?|Helpers?|(?<!Log)Managers?|Impl|Constants)\\.java$");
    private static final Pattern SWITCHED_OFF = Pattern.compile("@Disabled\\b|@Ignore\\b|\\bThread\\.sleep\\(");

    private SourceRules() {}

    /** Every breach under the folder, each a sentence that names the rule and the place. */
    static List<String> breaches(Path sources) throws IOException {
        try (var tree = Files.walk(sources)) {
            List<Path> files = tree.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            var breaches = new ArrayList<String>();
            for (Path file : files) {
                checkFile(file, breaches);
            }
            checkMethods(files, breaches);
            return breaches;
        }
    }

    private static void checkFile(Path file, List<String> breaches) throws IOException {
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
    }

    private static void checkMethods(List<Path> files, List<String> breaches) throws IOException {
        var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "the house rules need a JDK");
        try (var sources = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(
                    null, sources, diagnostic -> {}, null, null, sources.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodLengths(unit, positions, breaches).scan(unit, null);
            }
        }
    }

    /**
     * Finds the methods over the ceiling. A text block counts as one line: a statement of SQL reads best whole and
     * beside the code that runs it, and splitting it to please a counter would help nobody.
     */
    private static final class MethodLengths extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> breaches;
        private long textBlockLines;

        MethodLengths(CompilationUnitTree unit, SourcePositions positions, List<String> breaches) {
            this.unit = unit;
            this.positions = positions;
            this.breaches = breaches;
        }

        @Override
        public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void nothing) {
            textBlockLines += span(literal) - 1;
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            long textBlocksBefore = textBlockLines;
            super.visitMethod(method, null);
            Tree body = method.getBody();
            if (body != null && positions.getStartPosition(unit, body) >= 0) {
                long length = span(body) - (textBlockLines - textBlocksBefore);
                if (length > METHOD_LINES) {
                    breaches.add("rule method-ceiling: %s:%d %s has %d lines, over %d: name its steps"
                            .formatted(
                                    unit.getSourceFile().getName(),
                                    unit.getLineMap().getLineNumber(positions.getStartPosition(unit, body)),
                                    method.getName(),
                                    length,
                                    METHOD_LINES));
                }
            }
            return null;
        }

        private long span(Tree tree) {
            LineMap lines = unit.getLineMap();
            return lines.getLineNumber(positions.getEndPosition(unit, tree))
                    - lines.getLineNumber(positions.getStartPosition(unit, tree))
                    + 1;
        }
    }
}

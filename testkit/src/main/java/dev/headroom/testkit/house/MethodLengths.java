package dev.headroom.testkit.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the methods over the ceiling. A text block counts as one line: a statement of SQL reads best whole and
 * beside the code that runs it, and splitting it to please a counter would help nobody.
 */
final class MethodLengths extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final LineMap lines;
    private final int ceiling;
    private final List<String> breaches;
    private long textBlockLines;

    MethodLengths(CompilationUnitTree unit, SourcePositions positions, int ceiling, List<String> breaches) {
        this.unit = unit;
        this.positions = positions;
        this.lines = unit.getLineMap();
        this.ceiling = ceiling;
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
            if (length > ceiling) {
                breaches.add("rule method-ceiling: %s:%d %s has %d lines, over %d: name its steps"
                        .formatted(
                                unit.getSourceFile().getName(),
                                lines.getLineNumber(positions.getStartPosition(unit, body)),
                                method.getName(),
                                length,
                                ceiling));
            }
        }
        return null;
    }

    private long span(Tree tree) {
        return lines.getLineNumber(positions.getEndPosition(unit, tree))
                - lines.getLineNumber(positions.getStartPosition(unit, tree))
                + 1;
    }
}

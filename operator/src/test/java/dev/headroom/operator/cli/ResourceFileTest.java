package dev.headroom.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResourceFileTest {

    private static final String HEAD = """
            apiVersion: headroom.dev/v1alpha1
            kind: DbPerformance
            metadata: {name: shop}
            spec:
              database: {host: db, name: shop, credentialsSecretRef: {name: db}}
            """;

    @Test
    void defaultsMeanTheSameAsOnACluster() {
        var spec = ResourceFile.parse("f.yaml", HEAD).resources().getFirst().getSpec();
        assertThat(spec.database().identity()).isEqualTo("db:5432/shop");
        assertThat(spec.database().schemas()).containsExactly("public");
        assertThat(spec.indexes().build().statementTimeout()).isEqualTo("1h");
    }

    @Test
    void aSecretInTheSameFileIsRead() {
        ResourceFile file = ResourceFile.parse("f.yaml", HEAD + """
                        ---
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: db}
                        stringData: {username: me}
                        data: {password: c2VjcmV0}
                        """);
        assertThat(file.secretValue("db", "username")).isEqualTo("me");
        assertThat(file.secretValue("db", "password")).isEqualTo("secret");
    }

    @Test
    void allMistakesAreToldAtOnce_eachWithItsLineAndAGuess() {
        assertThatThrownBy(() -> ResourceFile.parse("f.yaml", HEAD + """
                                  mode: Aply
                                  indexes:
                                    removel: Drop
                                    build: {parallelWorkers: 99, lockTimeout: 10}
                                    declared:
                                      - {table: tasks, columns: [status]}
                                """))
                .isInstanceOf(Refusal.class)
                .hasMessageContainingAll(
                        "f.yaml:6: spec.mode \"Aply\" is none of Apply, Observe; did you mean Apply?",
                        "f.yaml:8: spec.indexes.removel is no field; did you mean removal?",
                        "f.yaml:9: spec.indexes.build.parallelWorkers 99 is not from 0 to 64",
                        "f.yaml:9: spec.indexes.build.lockTimeout must be a text: write \"10\"",
                        "f.yaml:11: spec.indexes.declared[0].name is required");
    }

    @Test
    void whatTheSchemaCannotSayIsCheckedToo() {
        assertThatThrownBy(() -> ResourceFile.parse("f.yaml", HEAD + """
                                  indexes:
                                    declared:
                                      - {name: a, table: t, columns: [x desc]}
                                      - {name: a, table: t, keys: [{column: x, expression: y}]}
                                """))
                .hasMessageContainingAll("plain names", "must be unique", "a key is a column or an expression");
    }

    @Test
    void controlCharactersInNamesAndSqlAreRefused_withTheFieldAndTheCharacter() {
        assertThatThrownBy(() -> ResourceFile.parse(
                        "f.yaml", HEAD.replace("name: shop}\nspec", "name: \"sh\\nop\"}\nspec") + """
                                  indexes:
                                    declared:
                                      - {name: "a\\n\\\\! id", table: "t\\0", columns: ["\\u202e"]}
                                      - {name: b, table: t, columns: [x], where: "x\\r"}
                                """))
                .isInstanceOf(Refusal.class)
                .hasMessageContainingAll(
                        "f.yaml:8: spec.indexes.declared[0].name \"a\\n\\! id\" has the character U+000A: it is written in one line",
                        "spec.indexes.declared[0].table \"t\\u0000\" has the character U+0000",
                        "spec.indexes.declared[0].columns[0] \"\\u202E\" has the character U+202E",
                        "spec.indexes.declared[1].where \"x\\r\" has the character U+000D");
        assertThatThrownBy(() ->
                        ResourceFile.parse("f.yaml", HEAD.replace("name: shop}\nspec", "name: \"sh\\nop\"}\nspec")))
                .hasMessageContaining("metadata.name \"sh\\nop\" is no name in Kubernetes");
    }

    @Test
    void anImpossibleNameOfASecretIsRefusedWithWhatIsAllowed() {
        assertThatThrownBy(() -> ResourceFile.parse("f.yaml", HEAD.replace("{name: db}}", "{name: My_Secret}}")))
                .hasMessageContaining("spec.database.credentialsSecretRef.name \"My_Secret\" is no name of a Secret:"
                        + " lower-case letters, digits, - and .");
    }

    @Test
    void whatIsNoYamlIsToldWithItsLine() {
        assertThatThrownBy(() -> ResourceFile.parse("f.yaml", "a: b\n c: d\n"))
                .hasMessageStartingWith("f.yaml:2: no YAML");
    }
}

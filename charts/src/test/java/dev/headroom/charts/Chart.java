package dev.headroom.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A chart of this repository, as Helm sees it. Maven runs tests in the module's folder, which has the charts. */
enum Chart {
    OPERATOR("headroom-operator"),
    SERVICE("headroom-service");

    static final String RELEASE = "shop";
    static final String NAMESPACE = "shop-space";
    static final String KUBERNETES = "1.36.0";

    final String title;
    final Path folder;

    Chart(String title) {
        this.title = title;
        this.folder = Path.of(title).toAbsolutePath();
    }

    /** A file with values, and what is expected to be made of it. */
    record Example(Chart chart, String name) {

        Path values() {
            return chart.folder.resolve("ci").resolve(name + "-values.yaml");
        }

        Path golden() {
            return Path.of("src/test/golden", chart.title, name + ".yaml");
        }

        Rendered render() {
            return chart.render(values());
        }

        @Override
        public String toString() {
            return chart.title + " " + name;
        }
    }

    /** Every file with values of every chart. */
    static List<Example> examples() {
        return Stream.of(values())
                .flatMap(chart -> chart.ownExamples().stream())
                .toList();
    }

    private List<Example> ownExamples() {
        try (Stream<Path> files = Files.list(folder.resolve("ci"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("-values.yaml"))
                    .sorted()
                    .map(name -> new Example(this, name.replace("-values.yaml", "")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Example example(String name) {
        return new Example(this, name);
    }

    LintResult lint() {
        LookupServer.require();
        return new Helm(folder).lint().strict().call();
    }

    /** What {@code helm template} makes of a file with values and of single ones, {@code name=value}. */
    Rendered render(Path values, String... single) {
        LookupServer.require();
        TemplateCommand template = new Helm(folder)
                .template()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBERNETES)
                .withValuesFile(values);
        for (String each : single) {
            String[] parts = each.split("=", 2);
            template.set(parts[0], parts[1]);
        }
        return Rendered.of(template.call());
    }

    /** What Helm prints after an installation. */
    String notes(Path values) {
        LookupServer.require();
        String printed = new Helm(folder)
                .install()
                .clientOnly()
                .withDryRunOption(DryRun.CLIENT)
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBERNETES)
                .withValuesFile(values)
                .debug()
                .call()
                .getOutput();
        return printed.substring(printed.indexOf("\nNOTES:\n") + 8);
    }

    /** The same as for a file, with values as text. */
    Rendered render(String values, String... single) {
        try {
            Path file = Files.createTempFile("values-", ".yaml");
            try {
                return render(Files.writeString(file, values), single);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode yaml(String file) {
        return Rendered.parse(text(file));
    }
}

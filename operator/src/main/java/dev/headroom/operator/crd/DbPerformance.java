package dev.headroom.operator.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Map;
import java.util.Objects;

/** One database and what is wanted of it. */
@JsonClassDescription(
        "Keeps the indexes of one PostgreSQL database as declared: built online, watched, and reported on. With"
                + " mode Observe, the default, it only says what it would do.")
@Group("headroom.dev")
@Version("v1alpha1")
@Plural("dbperformances")
@ShortNames("dbp")
@Categories("headroom")
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Mode", jsonPath = ".spec.mode", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Wanted",
        jsonPath = ".status.indexesWanted",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Valid", jsonPath = ".status.indexesValid", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class DbPerformance extends CustomResource<DbPerformanceSpec, DbPerformanceStatus> implements Namespaced {

    /** With the value "true" the operator stops acting on this resource at once, and says so. */
    public static final String PAUSED_ANNOTATION = "headroom.dev/paused";

    @JsonIgnore
    public boolean isPaused() {
        Map<String, String> annotations = getMetadata().getAnnotations();
        return annotations != null && Objects.equals(annotations.get(PAUSED_ANNOTATION), "true");
    }
}

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
        "Keeps the indexes of one PostgreSQL database as declared, built online, and the pools and replicas of a workload in"
                + " front of it within the database's connection budget. With mode Observe, the default, it only says what it"
                + " would do.")
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
        name = "Replicas",
        jsonPath = ".status.capacity.replicas",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Pool",
        jsonPath = ".status.capacity.pool.size",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class DbPerformance extends CustomResource<DbPerformanceSpec, DbPerformanceStatus> implements Namespaced {

    /** With the value "true" the operator stops acting on this resource at once, and says so. */
    public static final String PAUSED_ANNOTATION = "headroom.dev/paused";

    /** With "true" no replica is removed. */
    public static final String SCALE_IN_PAUSED_ANNOTATION = "headroom.dev/paused-scale-in";

    /** With "true" no replica is added. */
    public static final String SCALE_OUT_PAUSED_ANNOTATION = "headroom.dev/paused-scale-out";

    @JsonIgnore
    public boolean isPaused() {
        return pauses().all();
    }

    @JsonIgnore
    public Pauses pauses() {
        return new Pauses(
                isTrue(PAUSED_ANNOTATION), isTrue(SCALE_IN_PAUSED_ANNOTATION), isTrue(SCALE_OUT_PAUSED_ANNOTATION));
    }

    private boolean isTrue(String annotation) {
        Map<String, String> annotations = getMetadata().getAnnotations();
        return annotations != null && Objects.equals(annotations.get(annotation), "true");
    }

    /** What annotations stop: everything, removing replicas, adding replicas. */
    public record Pauses(boolean all, boolean scaleIn, boolean scaleOut) {
        public static final Pauses NONE = new Pauses(false, false, false);
    }
}

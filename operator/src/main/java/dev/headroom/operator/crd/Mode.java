package dev.headroom.operator.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the operator acts or only says what it would do. */
public enum Mode {
    @JsonProperty("Observe")
    OBSERVE,
    @JsonProperty("Apply")
    APPLY
}

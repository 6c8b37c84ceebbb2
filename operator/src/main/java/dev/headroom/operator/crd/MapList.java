package dev.headroom.operator.crd;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A list whose items are told apart by a key (x-kubernetes-list-type: map), so that two appliers can own one item each. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface MapList {

    /** The fields of an item that are its key. */
    String[] value();
}

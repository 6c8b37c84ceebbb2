package dev.headroom.operator.crd;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How the items of a list are told apart (x-kubernetes-list-type), so that two appliers can own some of them each. */
final class ListType {

    private ListType() {}

    /** By the fields that are the key of an item. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface MapList {
        String[] value();
    }

    /** Each item is one by itself, and stands in the list once. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface SetList {}
}

package dev.headroom.insight;

/**
 * One partition and the table that it is attached to. A leaf holds rows; one that is no leaf is partitioned again;
 * {@code foreign} ones live on another server and cannot have an index here.
 */
public record Partition(Name table, Name parent, String bound, boolean leaf, boolean foreign) {}

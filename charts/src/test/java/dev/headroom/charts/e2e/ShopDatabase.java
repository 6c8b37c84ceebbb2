package dev.headroom.charts.e2e;

import java.util.List;

/** The PostgreSQL of the service's chart, asked by psql in its pod. */
final class ShopDatabase {

    private final Cluster cluster;

    ShopDatabase(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Connections of the service's pods to the database. */
    int connections() {
        return Integer.parseInt(
                sql("select count(*) from pg_stat_activity where application_name like 'headroom-service%'"));
    }

    /** What psql prints in the database's pod. */
    String sql(String statement) {
        return cluster.exec(
                cluster.pod(Installation.SHOP, "postgres"),
                "psql",
                "-U",
                "headroom",
                "-d",
                "headroom",
                "-Atqc",
                statement);
    }

    List<String> validIndexes() {
        return indexes(true);
    }

    List<String> invalidIndexes() {
        return indexes(false);
    }

    private List<String> indexes(boolean valid) {
        return sql("select indexrelid::regclass::text from pg_index where indisvalid = " + valid)
                .lines()
                .map(name -> name.substring(name.indexOf('.') + 1))
                .toList();
    }

    boolean isBuilding() {
        return !sql("select phase from pg_stat_progress_create_index").isEmpty();
    }
}

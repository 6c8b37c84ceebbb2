package dev.headroom.service.monitor;

import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.Source;
import dev.headroom.service.catalog.SourceSettings;
import dev.headroom.service.catalog.SourceType;
import java.util.Map;

/** Reads the entry of an endpoint about performance: {@code monitor: {report: database}} or {@code cache}. */
public final class MonitorType implements SourceType {

    @Override
    public String word() {
        return "monitor";
    }

    @Override
    public Source read(SourceSettings settings, Map<String, Parameter> parameters) {
        String report = settings.text("report");
        return switch (report) {
            case "cache" -> new MonitorSource(MonitorSource.Report.CACHE);
            case "database" -> new MonitorSource(MonitorSource.Report.DATABASE);
            default -> {
                if (!report.isEmpty()) {
                    settings.mistake("report", "there is no report '" + report + "'", "one of: database, cache");
                }
                yield new MonitorSource(MonitorSource.Report.DATABASE);
            }
        };
    }
}

package dev.headroom.operator.database;

import dev.headroom.operator.crd.TlsSpec.TlsMode;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.postgresql.ssl.NonValidatingFactory;

/** The TLS part of a connection's properties. */
final class Tls {

    private Tls() {}

    /** The factory is always named: pgjdbc's own default would read files in the home directory. */
    static void into(Properties properties, TlsMode mode, @Nullable String trustedPem) {
        properties.setProperty("sslmode", mode.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        switch (mode) {
            case DISABLE -> {}
            case PREFER, REQUIRE -> properties.setProperty("sslfactory", NonValidatingFactory.class.getName());
            case VERIFY_CA, VERIFY_FULL -> {
                if (trustedPem == null) {
                    properties.setProperty("sslfactory", DefaultJavaSSLFactory.class.getName());
                } else {
                    properties.setProperty("sslfactory", PemTrust.class.getName());
                    properties.setProperty("sslfactoryarg", trustedPem);
                }
            }
        }
    }
}

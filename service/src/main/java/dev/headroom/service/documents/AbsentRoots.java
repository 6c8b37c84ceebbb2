package dev.headroom.service.documents;

import java.lang.System.Logger.Level;

/** Says at start which directories cannot be read: otherwise a typo showed only in the list of errors of an answer. */
public final class AbsentRoots {
    private static final System.Logger LOG = System.getLogger(AbsentRoots.class.getName());

    private AbsentRoots() {}

    /** A warning, no refusal: a directory may be mounted later. Nobody waits for it, since a hanging mount does not answer. */
    public static void tell(DocumentsSettings settings) {
        if (!settings.roots().isEmpty()) {
            Thread.ofVirtual().name("documents.roots").start(() -> look(settings));
        }
    }

    private static void look(DocumentsSettings settings) {
        Confinement now = new Confinement(settings.roots());
        if (!now.mistakes().isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "{0}; repositories below it are skipped until it can be read",
                    String.join("; ", now.mistakes()));
        }
    }
}

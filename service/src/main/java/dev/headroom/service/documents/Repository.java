package dev.headroom.service.documents;

/** A row of the roots' statement. */
record Repository(String name, String localPath) {}

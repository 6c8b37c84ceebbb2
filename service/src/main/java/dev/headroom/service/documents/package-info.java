/** The documents source: markdown files with YAML front matter in the folders that SQL names, read into one answer. */
@NullMarked
package dev.headroom.service.documents;

import org.jspecify.annotations.NullMarked;

/** The service as a process: its settings, its command line, and the wiring of everything below. */
@NullMarked
package dev.headroom.service;

import org.jspecify.annotations.NullMarked;

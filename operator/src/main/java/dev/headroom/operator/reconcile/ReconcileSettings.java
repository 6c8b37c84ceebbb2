package dev.headroom.operator.reconcile;

import java.time.Duration;

/**
 * How often and how long.
 *
 * @param longestInterval a resource is looked at this often when nothing else asks for it
 * @param cleanupPatience how long the deletion of a resource waits for its clean-up
 * @param allowedHosts hosts to which the password of any Secret may be sent
 */
public record ReconcileSettings(Duration longestInterval, Duration cleanupPatience, AllowedHosts allowedHosts) {}

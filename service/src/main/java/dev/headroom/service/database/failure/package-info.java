/** Why a statement has no answer: one class for each reason, with the setting to change and when to try again. */
@NullMarked
package dev.headroom.service.database.failure;

import org.jspecify.annotations.NullMarked;

/** The few pages for people: what is served, and how to call it. Self-contained: nothing is fetched from elsewhere. */
@NullMarked
package dev.headroom.service.http.pages;

import org.jspecify.annotations.NullMarked;

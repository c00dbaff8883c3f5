/** The client's agent: its entries, its offers and its sessions with partners. */
@NullMarked
package org.undchain.core.client;

import org.jspecify.annotations.NullMarked;

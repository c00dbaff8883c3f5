/** Contract, micro-receipts and close between one client and one partner (section 7). */
@NullMarked
package org.undchain.core.session;

import org.jspecify.annotations.NullMarked;

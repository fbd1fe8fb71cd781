// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.chardev;

import org.jspecify.annotations.Nullable;
import org.qblockd.chardev.DescriptorNames;
import org.qblockd.monitor.Session;
import org.qblockd.qapi.QmpException;

/** Names that getfd gave; outside a monitor's command numbers. Control lane. */
public final class MonitorDescriptors implements DescriptorNames {
  @Override
  public int take(String text) throws QmpException {
    @Nullable Session session = Session.current();
    if (session == null) {
      return DescriptorNames.number(text);
    }
    int fd = session.descriptors().take(text);
    if (fd < 0) {
      throw QmpException.generic("File descriptor named '" + text + "' has not been found");
    }
    return fd;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.monitor.NamedDescriptors;
import org.qblockd.monitor.Session;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.AddfdInfo;
import org.qblockd.qapi.types.FdsetFdInfo;
import org.qblockd.qapi.types.FdsetInfo;
import org.qblockd.storage.Descriptors;
import org.qblockd.storage.FdSets;

/** The commands about descriptors that clients pass with their commands. Control lane. */
final class DescriptorCommands {
  private final FdSets sets;

  DescriptorCommands(FdSets sets) {
    this.sets = sets;
  }

  void getfd(String name) throws QmpException {
    Session session = session();
    session.descriptors().put(name, received(session), Descriptors::close);
  }

  void closefd(String name) throws QmpException {
    int fd = session().descriptors().take(name);
    if (fd < 0) {
      throw notFound(name);
    }
    Descriptors.close(fd);
  }

  AddfdInfo addFd(Optional<Long> set, Optional<String> opaque) throws QmpException {
    int fd = received(session());
    if (set.isPresent() && set.get() < 0) {
      Descriptors.close(fd);
      throw QmpException.generic("Parameter 'fdset-id' expects a non-negative value");
    }
    return new AddfdInfo(sets.add(set, fd, opaque), fd);
  }

  void removeFd(long set, Optional<Long> fd) throws QmpException {
    if (!sets.remove(set, fd)) {
      throw notFound("fdset-id:" + set + (fd.isPresent() ? ", fd:" + fd.get() : ""));
    }
  }

  List<FdsetInfo> queryFdsets() {
    List<FdsetInfo> infos = new ArrayList<>();
    for (FdSets.Shown set : sets.all()) {
      List<FdsetFdInfo> members = new ArrayList<>();
      for (FdSets.Member member : set.members()) {
        members.add(new FdsetFdInfo(member.fd(), member.opaque()));
      }
      infos.add(new FdsetInfo(set.id(), members));
    }
    return infos;
  }

  /** A named descriptor that is a socket, for add_client. */
  static int socket(String name) throws QmpException {
    NamedDescriptors named = session().descriptors();
    int fd = named.take(name);
    if (fd < 0) {
      throw QmpException.generic("File descriptor named '" + name + "' has not been found");
    }
    if (!Descriptors.isSocket(fd)) {
      Descriptors.close(fd);
      throw QmpException.generic("parameter @fdname must name a socket");
    }
    return fd;
  }

  private static int received(Session session) throws QmpException {
    int fd = session.takeDescriptor();
    if (fd < 0) {
      throw QmpException.generic("No file descriptor supplied via SCM_RIGHTS");
    }
    return fd;
  }

  private static Session session() throws QmpException {
    @Nullable Session session = Session.current();
    if (session == null) {
      throw QmpException.generic("No file descriptor supplied via SCM_RIGHTS");
    }
    return session;
  }

  private static QmpException notFound(String name) {
    return QmpException.generic("File descriptor named '" + name + "' not found");
  }
}

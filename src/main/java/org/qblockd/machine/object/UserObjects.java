// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.Identifiers;
import org.qblockd.block.throttle.ThrottleGroups;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ObjectOptions;
import org.qblockd.tls.TlsCredentials;

/** The objects that users made, by their ids. Control lane. */
public final class UserObjects {
  private final ObjectTree tree;
  private final Clock virtualClock;
  private final @Nullable NetParts network;
  private @Nullable ObjectTypes types;
  private @Nullable ThrottleGroups groups;

  /**
   * The objects below {@code /objects} of a tree.
   *
   * @param virtualClock the clock of throttle groups
   */
  public UserObjects(ObjectTree tree, Clock virtualClock) {
    this(tree, virtualClock, null);
  }

  /** The same with a network, for its filters. */
  public UserObjects(ObjectTree tree, Clock virtualClock, @Nullable NetParts network) {
    this.network = network;
    this.tree = tree;
    this.virtualClock = virtualClock;
  }

  /** All throttle groups, whether they were made as objects or not. */
  public ThrottleGroups throttleGroups() {
    ThrottleGroups current = groups;
    if (current == null) {
      current = new ThrottleGroups(virtualClock);
      groups = current;
    }
    return current;
  }

  private ObjectTypes types() {
    ObjectTypes current = types;
    if (current == null) {
      current = new ObjectTypes(tree, throttleGroups(), network);
      types = current;
    }
    return current;
  }

  /**
   * Makes an object.
   *
   * @throws QmpException when the id or a property is refused
   * @throws BlockException when the object cannot begin its work
   */
  public void add(ObjectOptions options) throws QmpException, BlockException {
    String id = options.id();
    if (!Identifiers.wellFormed(id)) {
      throw QmpException.withHint(
          "Parameter 'id' expects an identifier",
          "Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.");
    }
    UserObject object = types().create(options.qomType());
    try {
      for (Map.Entry<String, AnyValue> member : AnyValue.members(options)) {
        String name = member.getKey();
        if (!name.equals("id") && !name.equals("qom-type")) {
          object.set(name, member.getValue().visitor(name));
        }
      }
      QomObject parent = tree.objects();
      if (parent.find(id) != null) {
        throw QmpException.generic(
            "attempt to add duplicate property '" + id + "' to object (type 'container')");
      }
      parent.addChild(id, object);
      object.complete();
    } catch (QmpException | BlockException | RuntimeException failed) {
      object.unparent();
      object.dispose();
      throw failed;
    }
  }

  /**
   * Removes an object.
   *
   * @throws QmpException when there is none of this id, or something uses it
   */
  public void delete(String id) throws QmpException {
    if (!(tree.objects().child(id) instanceof UserObject object)) {
      throw QmpException.generic("object '" + id + "' not found");
    }
    if (object.inUse()) {
      throw QmpException.generic("object '" + id + "' is in use, can not be deleted");
    }
    object.unparent();
    object.dispose();
  }

  /** Removes all objects, whether they are in use or not: the server ends. */
  public void disposeAll() {
    for (UserObject object : all(UserObject.class)) {
      object.unparent();
      object.dispose();
    }
  }

  /** The object of this id and class, or null. */
  public <T extends QomObject> @Nullable T find(String id, Class<T> type) {
    QomObject child = tree.objects().child(id);
    return type.isInstance(child) ? type.cast(child) : null;
  }

  /** All objects of a class, in the order in which QEMU walks them. */
  public <T> List<T> all(Class<T> type) {
    List<T> found = new ArrayList<>();
    for (QomObject child : tree.objects().children()) {
      if (type.isInstance(child)) {
        found.add(type.cast(child));
      }
    }
    return found;
  }

  /** The iothread of this id, or null. */
  public @Nullable IothreadObject iothread(String id) {
    return find(id, IothreadObject.class);
  }

  /** The secret of this id, or null. */
  public @Nullable SecretObject secret(String id) {
    return find(id, SecretObject.class);
  }

  /**
   * The password in the secret of this id.
   *
   * @throws BlockException when there is none, or it is not text
   */
  public byte[] password(String id) throws BlockException {
    try {
      return types().secret(id).text().getBytes(StandardCharsets.UTF_8);
    } catch (QmpException refused) {
      throw BlockException.invalid(refused.text());
    }
  }

  /**
   * What a connection needs of the TLS credentials of this id.
   *
   * @throws QmpException when there are none, or none that can be used here
   */
  public TlsCredentials credentials(String id) throws QmpException {
    QomObject child = tree.objects().child(id);
    return switch (child) {
      case null -> throw QmpException.generic("No TLS credentials with id '" + id + "'");
      case TlsCredsX509Object x509 -> x509.credentials();
      case TlsCredsObject other ->
          throw QmpException.generic("TLS credentials '" + id + "' have no certificates");
      default -> throw QmpException.generic("Object with id '" + id + "' is not TLS credentials");
    };
  }

  /** The group of this id that was made as an object, or null. */
  public @Nullable ThrottleGroupObject throttleGroup(String id) {
    return find(id, ThrottleGroupObject.class);
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.SystemClock;
import org.qblockd.block.throttle.ThrottleGroups;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ObjectType;

/** Makes objects by their types, and has what they need of the machine. Control lane. */
public final class ObjectTypes {
  private final ObjectTree tree;
  private final ThrottleGroups groups;
  private final @Nullable NetParts network;
  private boolean mainLoopMade;

  /**
   * The types of a machine.
   *
   * @param network what filters work on; null where none is ever completed
   */
  public ObjectTypes(ObjectTree tree, ThrottleGroups groups, @Nullable NetParts network) {
    this.tree = tree;
    this.groups = groups;
    this.network = network;
  }

  /**
   * An object whose properties are not set yet.
   *
   * @throws QmpException for a type that is not served
   */
  UserObject create(ObjectType type) throws QmpException {
    return switch (type) {
      case IOTHREAD -> new IothreadObject();
      case MAIN_LOOP -> new MainLoopObject(this);
      case THROTTLE_GROUP -> new ThrottleGroupObject(groups);
      case SECRET -> new SecretObject(this);
      case AUTHZ_SIMPLE -> new AuthzObjects.Simple();
      case AUTHZ_LIST -> new AuthzObjects.Rules();
      case CAN_BUS -> new PlainObject("can-bus", true);
      case CRYPTODEV_BACKEND -> new CryptodevObject("cryptodev-backend", false);
      case CRYPTODEV_BACKEND_BUILTIN -> new CryptodevObject("cryptodev-backend-builtin", true);
      case COLO_COMPARE -> new ColoCompareObject(this);
      case FILTER_BUFFER -> new NetFilters.Buffer(this);
      case FILTER_DUMP -> new NetFilters.Dump(this);
      case FILTER_MIRROR -> new NetFilters.Mirror(this);
      case FILTER_REDIRECTOR -> new NetFilters.Redirector(this);
      case FILTER_REPLAY -> new NetFilters.Replay(this);
      case FILTER_REWRITER -> new NetFilters.Rewriter(this);
      case MEMORY_BACKEND_FILE -> new MemoryFileObject(this);
      case MEMORY_BACKEND_MEMFD -> MemoryBackendObject.memfd(this);
      case MEMORY_BACKEND_RAM -> new MemoryBackendObject("memory-backend-ram", false, this);
      case MEMORY_BACKEND_SHM -> MemoryBackendObject.shm(this);
      case RNG_BUILTIN -> new RngObject("rng-builtin");
      case RNG_RANDOM -> new RngObject.FromFile();
      case TLS_CREDS_X509 -> new TlsCredsX509Object(this);
      case TLS_CIPHER_SUITES -> new TlsCredsObject.CipherSuites();
      // The build of QEMU that is the reference has the names of these, but not the types.
      case AUTHZ_LISTFILE,
          AUTHZ_PAM,
          CRYPTODEV_BACKEND_LKCF,
          MEMORY_BACKEND_EPC,
          PEF_GUEST,
          S390_PV_GUEST,
          X_VFIO_USER_SERVER ->
          throw QmpException.generic("invalid object type: " + wireName(type));
      case ACPI_GENERIC_INITIATOR,
          ACPI_GENERIC_PORT,
          CAN_HOST_SOCKETCAN,
          CRYPTODEV_VHOST_USER,
          DBUS_VMSTATE,
          INPUT_BARRIER,
          INPUT_LINUX,
          IOMMUFD,
          PR_MANAGER_HELPER,
          QTEST,
          RNG_EGD,
          SECRET_KEYRING,
          SEV_GUEST,
          SEV_SNP_GUEST,
          THREAD_CONTEXT,
          TLS_CREDS_ANON,
          TLS_CREDS_PSK,
          X_REMOTE_OBJECT ->
          throw QmpException.generic("objects of type '" + wireName(type) + "' are not served");
    };
  }

  /** The types that can be made, as help lists them. */
  public static List<ObjectType> served() {
    List<ObjectType> served = new ArrayList<>();
    for (ObjectType type : ObjectType.values()) {
      if (isServed(type)) {
        served.add(type);
      }
    }
    return served;
  }

  private static boolean isServed(ObjectType type) {
    try {
      UserObject unused = unplaced().create(type);
      return true;
    } catch (QmpException notServed) {
      return false;
    }
  }

  /**
   * The properties of a type.
   *
   * @throws QmpException for a type that is not served
   */
  public static List<QomProperty> properties(ObjectType type) throws QmpException {
    return unplaced().create(type).properties();
  }

  /** Types whose objects nobody keeps. */
  private static ObjectTypes unplaced() {
    return new ObjectTypes(new ObjectTree("none"), new ThrottleGroups(SystemClock.INSTANCE), null);
  }

  private static String wireName(ObjectType type) {
    return type.wireName();
  }

  /**
   * The object of a type that a property names by its path, or null for the empty path.
   *
   * @throws QmpException when there is none
   */
  @Nullable QomObject link(String path, String type) throws QmpException {
    if (path.isEmpty()) {
      return null;
    }
    QomObject found = tree.resolve(path, type);
    if (found == null) {
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + path + "' not found");
    }
    return found;
  }

  /** What filters work on. */
  NetParts network() {
    NetParts current = network;
    if (current == null) {
      throw new IllegalStateException("no network");
    }
    return current;
  }

  /** The user's object of this id, or null. */
  @Nullable QomObject userObject(String id) {
    return tree.objects().child(id);
  }

  /** Whether this is the first main loop. */
  boolean claimMainLoop() {
    boolean first = !mainLoopMade;
    mainLoopMade = true;
    return first;
  }

  /** The secret of this id. */
  SecretObject secret(String id) throws QmpException {
    QomObject child = tree.objects().child(id);
    if (child == null) {
      throw QmpException.generic("No secret with id '" + id + "'");
    }
    if (!(child instanceof SecretObject secret)) {
      throw QmpException.generic("Object with id '" + id + "' is not a secret");
    }
    return secret;
  }
}

// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.SystemClock;
import org.qblockd.block.throttle.ThrottleGroups;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ObjectType;

/** Makes objects by their types, and has what they need of the machine. Control lane. */
public final class ObjectTypes {
  private final ObjectTree tree;
  private final ThrottleGroups groups;
  private boolean mainLoopMade;

  /** The types of a machine. */
  public ObjectTypes(ObjectTree tree, ThrottleGroups groups) {
    this.tree = tree;
    this.groups = groups;
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
          COLO_COMPARE,
          CRYPTODEV_BACKEND,
          CRYPTODEV_BACKEND_BUILTIN,
          CRYPTODEV_VHOST_USER,
          DBUS_VMSTATE,
          FILTER_BUFFER,
          FILTER_DUMP,
          FILTER_MIRROR,
          FILTER_REDIRECTOR,
          FILTER_REPLAY,
          FILTER_REWRITER,
          INPUT_BARRIER,
          INPUT_LINUX,
          IOMMUFD,
          MEMORY_BACKEND_FILE,
          MEMORY_BACKEND_MEMFD,
          MEMORY_BACKEND_RAM,
          MEMORY_BACKEND_SHM,
          PR_MANAGER_HELPER,
          QTEST,
          RNG_BUILTIN,
          RNG_EGD,
          RNG_RANDOM,
          SECRET_KEYRING,
          SEV_GUEST,
          SEV_SNP_GUEST,
          THREAD_CONTEXT,
          TLS_CREDS_ANON,
          TLS_CREDS_PSK,
          TLS_CREDS_X509,
          TLS_CIPHER_SUITES,
          X_REMOTE_OBJECT ->
          throw QmpException.generic("objects of type '" + wireName(type) + "' are not served");
    };
  }

  /** The types that can be made, as help lists them. */
  public static List<ObjectType> served() {
    List<ObjectType> served = new ArrayList<>();
    for (ObjectType type : ObjectType.values()) {
      try {
        UserObject unused = unplaced().create(type);
        served.add(type);
      } catch (QmpException notServed) {
        continue;
      }
    }
    return served;
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
    return new ObjectTypes(new ObjectTree("none"), new ThrottleGroups(SystemClock.INSTANCE));
  }

  private static String wireName(ObjectType type) {
    return type.wireName();
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

// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.Introspection;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.AcpiCommands;
import org.qblockd.qapi.commands.BlockCommands;
import org.qblockd.qapi.commands.BlockCoreCommands;
import org.qblockd.qapi.commands.BlockExportCommands;
import org.qblockd.qapi.commands.CharCommands;
import org.qblockd.qapi.commands.CommandDispatcher;
import org.qblockd.qapi.commands.CommandTable;
import org.qblockd.qapi.commands.ControlCommands;
import org.qblockd.qapi.commands.CryptodevCommands;
import org.qblockd.qapi.commands.DumpCommands;
import org.qblockd.qapi.commands.IntrospectCommands;
import org.qblockd.qapi.commands.JobCommands;
import org.qblockd.qapi.commands.MachineCommands;
import org.qblockd.qapi.commands.MachineTargetCommands;
import org.qblockd.qapi.commands.MigrationCommands;
import org.qblockd.qapi.commands.MiscCommands;
import org.qblockd.qapi.commands.MiscTargetCommands;
import org.qblockd.qapi.commands.NetCommands;
import org.qblockd.qapi.commands.QdevCommands;
import org.qblockd.qapi.commands.QomCommands;
import org.qblockd.qapi.commands.QomObjectsCommands;
import org.qblockd.qapi.commands.ReplayCommands;
import org.qblockd.qapi.commands.RockerCommands;
import org.qblockd.qapi.commands.RunStateCommands;
import org.qblockd.qapi.commands.TestingCommands;
import org.qblockd.qapi.commands.TpmCommands;
import org.qblockd.qapi.commands.TransactionCommands;
import org.qblockd.qapi.commands.UiCommands;
import org.qblockd.qapi.commands.YankCommands;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonBool;
import org.qblockd.qapi.json.JsonValue.JsonDouble;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonNull;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.JsonWriter;

/**
 * Random arguments for every command, each with at least one member too many so that no command
 * ever runs: the decoders must name the same first error as the real QEMU.
 */
class QapiErrorsIT {
  private static final int ROUNDS = 3000;
  private static final int DEPTH = 5;

  /** Decodes as the server does; a handler that is reached is a failure of the test. */
  private static final class Decoders extends CommandDispatcher {
    private static <T> T unreachable(Class<T> type) {
      InvocationHandler handler =
          (proxy, method, arguments) -> {
            throw QmpException.generic("reached " + method.getName());
          };
      return type.cast(
          Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    protected RunStateCommands runState() {
      return unreachable(RunStateCommands.class);
    }

    @Override
    protected MigrationCommands migration() {
      return unreachable(MigrationCommands.class);
    }

    @Override
    protected TestingCommands testing() {
      return unreachable(TestingCommands.class);
    }

    @Override
    protected YankCommands yank() {
      return unreachable(YankCommands.class);
    }

    @Override
    protected JobCommands job() {
      return unreachable(JobCommands.class);
    }

    @Override
    protected BlockExportCommands blockExport() {
      return unreachable(BlockExportCommands.class);
    }

    @Override
    protected BlockCoreCommands blockCore() {
      return unreachable(BlockCoreCommands.class);
    }

    @Override
    protected TransactionCommands transaction() {
      return unreachable(TransactionCommands.class);
    }

    @Override
    protected BlockCommands block() {
      return unreachable(BlockCommands.class);
    }

    @Override
    protected CryptodevCommands cryptodev() {
      return unreachable(CryptodevCommands.class);
    }

    @Override
    protected DumpCommands dump() {
      return unreachable(DumpCommands.class);
    }

    @Override
    protected NetCommands net() {
      return unreachable(NetCommands.class);
    }

    @Override
    protected RockerCommands rocker() {
      return unreachable(RockerCommands.class);
    }

    @Override
    protected TpmCommands tpm() {
      return unreachable(TpmCommands.class);
    }

    @Override
    protected UiCommands ui() {
      return unreachable(UiCommands.class);
    }

    @Override
    protected MachineCommands machine() {
      return unreachable(MachineCommands.class);
    }

    @Override
    protected MachineTargetCommands machineTarget() {
      return unreachable(MachineTargetCommands.class);
    }

    @Override
    protected ReplayCommands replay() {
      return unreachable(ReplayCommands.class);
    }

    @Override
    protected MiscTargetCommands miscTarget() {
      return unreachable(MiscTargetCommands.class);
    }

    @Override
    protected AcpiCommands acpi() {
      return unreachable(AcpiCommands.class);
    }

    @Override
    protected CharCommands char_() {
      return unreachable(CharCommands.class);
    }

    @Override
    protected ControlCommands control() {
      return unreachable(ControlCommands.class);
    }

    @Override
    protected IntrospectCommands introspect() {
      return unreachable(IntrospectCommands.class);
    }

    @Override
    protected MiscCommands misc() {
      return unreachable(MiscCommands.class);
    }

    @Override
    protected QdevCommands qdev() {
      return unreachable(QdevCommands.class);
    }

    @Override
    protected QomCommands qom() {
      return unreachable(QomCommands.class);
    }

    @Override
    protected QomObjectsCommands qomObjects() {
      return unreachable(QomObjectsCommands.class);
    }
  }

  /** Makes values that mostly fit the schema. */
  private static final class Values {
    private final Map<String, JsonObject> entries = new HashMap<>();
    private final Random random;

    private final List<String> more;

    Values(Random random) throws IOException {
      this.random = random;
      this.more = IntrospectionIT.moreThanQemu();
      for (JsonValue entry : ((JsonArray) Introspection.schema()).items()) {
        entries.put(text((JsonObject) entry, "name"), (JsonObject) entry);
      }
    }

    private static String text(JsonObject object, String member) {
      return object.get(member) instanceof JsonString string ? string.value() : "";
    }

    private static List<JsonValue> list(JsonObject object, String member) {
      return object.get(member) instanceof JsonArray array ? array.items() : List.of();
    }

    JsonObject arguments(String command) {
      JsonObject valid = object(entries.get(text(entries.get(command), "arg-type")), DEPTH);
      Map<String, JsonValue> members = new LinkedHashMap<>(valid.members());
      members.keySet().removeIf(name -> more.contains(command + "." + name));
      surplus(members, 1 + random.nextInt(random.nextInt(12) + 1));
      return new JsonObject(members);
    }

    private void surplus(Map<String, JsonValue> members, int count) {
      for (int i = 0; i < count; i++) {
        int length = 2 + random.nextInt(9);
        StringBuilder name = new StringBuilder("Z");
        for (int j = 1; j < length; j++) {
          name.append((char) ('a' + random.nextInt(26)));
        }
        members.put(name.toString(), new JsonInteger(i));
      }
    }

    private JsonValue value(String type, int depth) {
      if (random.nextInt(30) == 0) {
        return scalar(random.nextInt(8));
      }
      JsonObject entry = entries.get(type);
      return switch (text(entry, "meta-type")) {
        case "builtin" -> builtin(text(entry, "json-type"));
        case "array" -> array(text(entry, "element-type"), depth);
        case "enum" -> enumeration(entry);
        case "alternate" -> alternate(entry, depth);
        default -> object(entry, depth);
      };
    }

    private JsonValue scalar(int kind) {
      return switch (kind) {
        case 0 -> JsonNull.NULL;
        case 1 -> new JsonBool(random.nextBoolean());
        case 2 -> new JsonDouble(1.5);
        case 3 -> new JsonInteger(-1L << random.nextInt(63));
        case 4 -> new JsonInteger(-1L, true);
        case 5 -> new JsonArray(List.of(new JsonInteger(1)));
        case 6 -> JsonObject.EMPTY;
        default -> new JsonString("no such value");
      };
    }

    private JsonValue builtin(String jsonType) {
      return switch (jsonType) {
        case "string" -> new JsonString("text");
        case "boolean" -> new JsonBool(true);
        case "null" -> JsonNull.NULL;
        case "number" -> new JsonDouble(0.5);
        default -> new JsonInteger(1L << random.nextInt(40));
      };
    }

    private JsonValue array(String element, int depth) {
      List<JsonValue> items = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        items.add(value(element, depth - 1));
      }
      return new JsonArray(items);
    }

    private JsonValue enumeration(JsonObject entry) {
      List<JsonValue> values = list(entry, "values");
      return values.get(random.nextInt(values.size()));
    }

    private JsonValue alternate(JsonObject entry, int depth) {
      List<JsonValue> types = list(entry, "members");
      return value(text((JsonObject) types.get(random.nextInt(types.size())), "type"), depth);
    }

    private JsonObject object(JsonObject entry, int depth) {
      Map<String, JsonValue> members = new LinkedHashMap<>();
      members(entry, members, depth);
      if (members.get(text(entry, "tag")) instanceof JsonString tag) {
        for (JsonValue each : list(entry, "variants")) {
          JsonObject variant = (JsonObject) each;
          if (text(variant, "case").equals(tag.value())) {
            members(entries.get(text(variant, "type")), members, depth);
            String branch = "(" + tag.value() + ").";
            members
                .keySet()
                .removeIf(name -> more.stream().anyMatch(line -> line.endsWith(branch + name)));
          }
        }
      }
      if (random.nextInt(10) == 0) {
        surplus(members, 1 + random.nextInt(4));
      }
      return new JsonObject(members);
    }

    private void members(JsonObject entry, Map<String, JsonValue> members, int depth) {
      for (JsonValue each : list(entry, "members")) {
        JsonObject member = (JsonObject) each;
        boolean optional = member.get("default") != null;
        boolean left = optional ? depth <= 0 || random.nextInt(3) == 0 : random.nextInt(40) == 0;
        if (!left) {
          members.put(text(member, "name"), value(text(member, "type"), depth - 1));
        }
      }
    }
  }

  @Test
  void namesTheFirstErrorThatQemuNames() throws Exception {
    assumeTrue(RealQemu.installed(), RealQemu.PROGRAM + " is not installed");
    long seed = Long.getLong("qblockd.seed", 20250);
    Values values = new Values(new Random(seed));
    List<String> commands = new ArrayList<>(CommandTable.names());
    commands.removeAll(IntrospectionIT.moreThanQemu());
    // Takes whatever it is given: nothing is decoded.
    commands.remove("device_add");
    Decoders decoders = new Decoders();
    try (RealQemu qemu = RealQemu.start()) {
      for (int round = 0; round < ROUNDS; round++) {
        String command = commands.get(round % commands.size());
        String arguments = JsonWriter.toText(values.arguments(command));
        JsonObject error = (JsonObject) qemu.execute(command, arguments).get("error");
        if (error == null || command.equals("qmp_capabilities")) {
          continue;
        }
        assertThat(new JsonString(ours(decoders, command, arguments)))
            .as("seed %s round %s: %s %s", seed, round, command, arguments)
            .isEqualTo(error.get("desc"));
      }
    }
  }

  /** Reads the text, since the order of members in it counts. */
  private static String ours(Decoders decoders, String command, String arguments)
      throws BlockException, JsonSyntaxException {
    try {
      decoders.dispatch(command, (JsonObject) JsonStream.parse(arguments));
      return "no error";
    } catch (QmpException e) {
      return e.text();
    }
  }
}

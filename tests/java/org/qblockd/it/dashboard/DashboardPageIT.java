// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user in front of the page, in a browser, while a mirror runs. */
final class DashboardPageIT {
  private static final String JOB = "[data-job=\"m0\"] ";
  private static final Path SHOTS = Path.of("target", "dashboard-shots");

  private static Browser browser;

  @TempDir private static Path profile;
  @TempDir private Path directory;
  private WebServer server;

  @BeforeAll
  static void startBrowser() throws Exception {
    assumeTrue(Browser.isInstalled(), "Chromium is not installed");
    browser = Browser.start(profile);
    Files.createDirectories(SHOTS);
  }

  @AfterAll
  static void endBrowser() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    server =
        WebServer.start(
            directory,
            "127.0.0.1:0",
            "-drive",
            "if=none,id=drive0,driver=null-co,size=1G,read-zeroes=on");
    browser.window(1440, 1100, true);
    browser.open(server.url());
    browser.until("document.querySelector('#link-state').innerText.includes('live')");
  }

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      assertThat(
              browser.errors().stream()
                  .filter(e -> !e.contains("ERR_") && !e.contains("status of 422"))
                  .toList())
          .as("errors of the page, refusals of the content policy among them")
          .isEmpty();
    }
  }

  /** A disk of 64 MiB that is mirrored so slowly that a user can look on. */
  private void mirror() throws Exception {
    server.command(
        "blockdev-add",
        "{'driver':'null-co','node-name':'disk','size':67108864,'read-zeroes':true}");
    server.command("blockdev-add", "{'driver':'null-co','node-name':'copy','size':67108864}");
    server.command(
        "blockdev-mirror",
        "{'job-id':'m0','device':'disk','target':'copy','sync':'full','speed':1048576}");
  }

  @Test
  void followsAMirror() throws Exception {
    mirror();
    browser.see(".vertex[data-name=\"copy\"]");
    browser.see(".vertex.job[data-name=\"m0\"]");
    browser.see(JOB);
    browser.until("document.querySelector('" + JOB + ".chip').innerText === 'running'");
    browser.click(JOB + "[data-action=\"job-pause\"]");
    browser.until("document.querySelector('" + JOB + ".chip').innerText === 'paused'");
    assertThat(status()).isEqualTo("paused");
    browser.click(JOB + "[data-action=\"job-resume\"]");
    browser.until("document.querySelector('" + JOB + ".chip').innerText === 'running'");
    browser.click(JOB + "[data-action=\"speed\"]");
    browser.click(JOB + "input[name=\"speed\"]");
    browser.type("0");
    browser.click(JOB + "form button");
    browser.until("document.querySelector('" + JOB + ".chip').innerText === 'ready'");
    browser.click(JOB + "[data-action=\"job-complete\"]");
    browser.until("!document.querySelector('" + JOB + "')");
    browser.until("document.querySelector('#activity').innerText.includes('BLOCK_JOB_COMPLETED')");
    browser.until("!document.querySelector('.vertex.job')");
  }

  private String status() throws Exception {
    JsonObject job = server.list("query-jobs", "{}").getJsonObject(0);
    return job.getString("status");
  }

  @Test
  void cancelsAJob() throws Exception {
    mirror();
    browser.click(JOB + "[data-action=\"job-cancel\"]");
    browser.until("!document.querySelector('" + JOB + "')");
    assertThat(server.list("query-jobs", "{}")).isEmpty();
  }

  @Test
  void showsTheDetailsOfANode() throws Exception {
    browser.see(".vertex.backend");
    browser.click(".vertex.protocol rect");
    browser.see("#graph-details");
    assertThat(browser.text()).contains("null-co").contains("1 GiB");
    browser.click("#graph-details button");
    browser.until("!document.querySelector('#graph-details')");
  }

  @Test
  void showsABitmapAsAMap() throws Exception {
    server.command("block-dirty-bitmap-add", "{'node':'drive0','name':'b0'}");
    server.command(
        "human-monitor-command", "{'command-line':'qemu-io drive0 \\\"write -P 7 0 256M\\\"'}");
    browser.see("[data-bitmap=\"b0\"] canvas");
    browser.until("document.querySelector('[data-bitmap=\"b0\"]').innerText.includes('256 MiB')");
    String share =
        "(() => { const c = document.querySelector('[data-bitmap=\"b0\"] canvas');"
            + " const p = c.getContext('2d');"
            + " const left = p.getImageData(4, 4, 1, 1).data;"
            + " const last = p.getImageData(4, c.height - 4, 1, 1).data;"
            + " return left.join() !== last.join(); })()";
    browser.until(share);
  }

  @Test
  void runsACommandOfTheConsole() throws Exception {
    browser.click("#console-command .cm-content");
    browser.type("query-blocks");
    browser.see(".cm-tooltip-autocomplete");
    browser.until(
        "document.querySelector('.cm-tooltip-autocomplete"
            + " [aria-selected]').innerText.includes('query-blockstats')");
    browser.press("Enter", 13);
    browser.until(
        "document.querySelector('#console-command .cm-content').innerText === 'query-blockstats'");
    browser.click("#console-arguments .cm-content");
    browser.type("{\"query");
    browser.until(
        "document.querySelector('.cm-tooltip-autocomplete"
            + " [aria-selected]').innerText.includes('query-nodes')");
    browser.press("Enter", 13);
    browser.type("tr");
    browser.until(
        "document.querySelector('.cm-tooltip-autocomplete"
            + " [aria-selected]').innerText.includes('true')");
    browser.press("Enter", 13);
    browser.click("#console-run");
    browser.until("document.querySelector('.result pre').innerText.includes('wr_highest_offset')");
    browser.until("document.querySelector('.result .chip').innerText === '200'");
  }

  @Test
  void filtersTheStream() throws Exception {
    server.command("block-dirty-bitmap-add", "{'node':'drive0','name':'sought'}");
    server.command("block_set_io_throttle", throttle());
    browser.until(
        "document.querySelector('#activity').innerText.includes('block_set_io_throttle')");
    browser.click("#activity-filter");
    browser.type("sought");
    browser.until(
        "!document.querySelector('#activity').innerText.includes('block_set_io_throttle')");
    browser.until(
        "document.querySelector('#activity').innerText.includes('block-dirty-bitmap-add')");
    browser.click("#activity [data-kind=\"command\"]");
    browser.until(
        "!document.querySelector('#activity').innerText.includes('block-dirty-bitmap-add')");
  }

  private static String throttle() {
    return "{'device':'drive0','bps':0,'bps_rd':0,'bps_wr':0,'iops':0,'iops_rd':0,'iops_wr':0}";
  }

  @Test
  void tellsOfAnError() throws Exception {
    mirror();
    browser.see(JOB);
    browser.value(
        "document.querySelector('" + JOB + "[data-action=\"job-complete\"]').disabled = false");
    browser.click(JOB + "[data-action=\"job-complete\"]");
    browser.until(
        "document.querySelector('.toast')?.innerText.includes('cannot accept command verb')");
  }

  /** A disk with a backing image, a bitmap, an export and a mirror; a guest writes meanwhile. */
  private void scene() throws Exception {
    for (String file : List.of("base", "disk", "copy")) {
      create(file, file.equals("disk") ? ",'backing-fmt':'qcow2','backing-file':'base.qcow2'" : "");
    }
    server.command("blockdev-add", image("disk", "disk0"));
    server.command("blockdev-add", image("copy", "copy0"));
    server.command("block-dirty-bitmap-add", "{'node':'disk0','name':'nightly'}");
    server.command(
        "block-dirty-bitmap-add", "{'node':'drive0','name':'hourly','granularity':65536}");
    server.command("nbd-server-start", "{'addr':{'type':'unix','data':{'path':'nbd.sock'}}}");
    server.command(
        "block-export-add",
        "{'type':'nbd','id':'exp0','node-name':'disk0','name':'disk0','writable':false}");
    for (int i = 0; i < 24; i++) {
      write("disk0", (i * 37 % 61) * 16, 3 + i % 5);
    }
    server.command(
        "blockdev-mirror",
        "{'job-id':'m0','device':'disk0','target':'copy0','sync':'full','speed':2097152}");
  }

  private void create(String name, String more) throws Exception {
    String file = "'filename':'" + name + ".qcow2'";
    String node = "{'driver':'file','node-name':'" + name + "-file'," + file + "}";
    make("c1", "{'driver':'file'," + file + ",'size':0}");
    server.command("blockdev-add", node);
    make("c2", "{'driver':'qcow2','file':'" + name + "-file','size':1073741824" + more + "}");
    server.command("blockdev-del", "{'node-name':'" + name + "-file'}");
  }

  private void make(String job, String options) throws Exception {
    server.command("blockdev-create", "{'job-id':'" + job + "','options':" + options + "}");
    while (!server.list("query-jobs", "{}").encode().contains("concluded")) {
      Thread.onSpinWait();
    }
    assertThat(server.list("query-jobs", "{}").encode()).doesNotContain("error");
    server.command("job-dismiss", "{'id':'" + job + "'}");
  }

  private static String image(String file, String node) {
    return "{'driver':'qcow2','node-name':'"
        + node
        + "','file':{'driver':'file','node-name':'"
        + node
        + "-file','filename':'"
        + file
        + ".qcow2'}}";
  }

  private void write(String node, int megabyte, int megabytes) throws Exception {
    String line =
        "qemu-io " + node + " \\\"aio_write -P 7 " + megabyte + "M " + megabytes + "M\\\"";
    server.command("human-monitor-command", "{'command-line':'" + line + "'}");
  }

  @Test
  void fitsEveryWindow() throws Exception {
    scene();
    browser.see(".vertex.job");
    browser.click("#console-command .cm-content");
    browser.type("query-jobs");
    browser.see(".cm-tooltip-autocomplete [aria-selected]");
    browser.press("Enter", 13);
    browser.click("#console-run");
    browser.see(".result");
    // Until the charts have something to show.
    for (int i = 0; !Boolean.TRUE.equals(browser.value(HAS_HISTORY)); i++) {
      write("drive0", i * 29 % 900, 1 + i * 7 % 23);
    }
    browser.value("scrollTo({top: 0, behavior: 'instant'})");
    browser.window(1440, 1240, true);
    browser.until("innerHeight === 1240 && scrollY === 0");
    browser.picture(SHOTS.resolve("readme.png"), false);
    for (int width : new int[] {360, 768, 1024, 1440}) {
      for (boolean dark : new boolean[] {true, false}) {
        browser.window(width, 900, dark);
        browser.until("innerWidth === " + width);
        Object scrolls = browser.value("document.documentElement.scrollWidth > innerWidth");
        assertThat(scrolls).as("sideways scrolling at " + width).isEqualTo(false);
        browser.picture(SHOTS.resolve(width + (dark ? "-dark" : "-light") + ".png"), true);
      }
    }
  }

  private static final String HAS_HISTORY =
      "document.querySelector('.drive .write small').innerText !== '0 ops/s'"
          + " && performance.now() > "
          + Integer.getInteger("dashboard.scene.millis", 4000);

  @Test
  void everythingHasAName() throws Exception {
    mirror();
    browser.see(JOB);
    Object nameless =
        browser.value(
            "[...document.querySelectorAll('button, a, input, [role=button], [role=img]')]"
                + ".filter((e) => !(e.innerText || e.getAttribute('aria-label') || e.title ||"
                + " e.labels?.length || e.closest('label'))).map((e) => e.outerHTML).join()");
    assertThat(nameless).isEqualTo("");
    Object faint = browser.value(CONTRAST);
    assertThat(faint).as("texts with too little contrast").isEqualTo("");
  }

  /** Texts whose contrast with what is behind them is below 4.5, as WCAG 2 counts it. */
  private static final String CONTRAST =
      """
      (() => {
        const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const rgba = (colour) => {
          paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
          return [...paint.getImageData(0, 0, 1, 1).data];
        };
        const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
          .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
          .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const behind = (e) => {
          for (let at = e; at; at = at.parentElement) {
            const colour = rgba(getComputedStyle(at).backgroundColor);
            if (colour[3] > 200) return colour;
          }
          return [255, 255, 255, 255];
        };
        const faint = new Set();
        for (const e of document.querySelectorAll('h2, p, dt, dd, small, strong, button, a, .chip, .note, .kind, .figure, summary *')) {
          if (!e.innerText?.trim() || e.disabled || e.children.length) continue;
          const a = light(rgba(getComputedStyle(e).color)), b = light(behind(e));
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (contrast < 4.5) faint.add(`${e.innerText.slice(0, 30)} (${e.className}) ${contrast.toFixed(2)}`);
        }
        return [...faint].join('; ');
      })()
      """;

  @Test
  void needsNoOtherServer() throws Exception {
    browser.see(".vertex");
    Object foreign =
        browser.value(
            "performance.getEntriesByType('resource').map((e) => e.name)"
                + ".filter((name) => !name.startsWith(location.origin)).join()");
    assertThat(foreign).isEqualTo("");
    URI licences = server.url().resolve("/licences.txt");
    assertThat(server.get(licences.getPath()).body()).contains("preact").contains("MIT");
  }
}

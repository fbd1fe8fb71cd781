// SPDX-License-Identifier: Apache-2.0
package org.qblockd.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXReason;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies a peer's certificates against the authorities' (RFC 5280). Any thread. */
final class TrustedIssuers {
  private static final String UNKNOWN_ISSUER = "The certificate hasn't got a known issuer";

  private final TlsFiles files;

  TrustedIssuers(TlsFiles files) {
    this.files = files;
  }

  /** Accepts a chain of certificates, the peer's own first, or says what is wrong with it. */
  void verify(List<X509Certificate> chain) throws TlsFailure {
    try {
      Set<TrustAnchor> anchors = new HashSet<>();
      for (X509Certificate authority : files.authorities()) {
        anchors.add(new TrustAnchor(authority, null));
      }
      X509CertSelector own = new X509CertSelector();
      own.setCertificate(chain.getFirst());
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, own);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
      CertPathBuilder builder = CertPathBuilder.getInstance("PKIX");
      parameters.setRevocationEnabled(!files.revoked().isEmpty());
      if (!files.revoked().isEmpty()) {
        parameters.addCertStore(
            CertStore.getInstance(
                "Collection", new CollectionCertStoreParameters(files.revoked())));
        parameters.addCertPathChecker(revocation(builder));
      }
      Object unused = builder.build(parameters);
    } catch (CertPathBuilderException e) {
      throw new TlsFailure(reason(e), e);
    } catch (GeneralSecurityException e) {
      throw new TlsFailure("Invalid certificate", e);
    }
  }

  /** Only what the files say counts: nobody is asked over the network. */
  private static PKIXRevocationChecker revocation(CertPathBuilder builder) {
    PKIXRevocationChecker checker = (PKIXRevocationChecker) builder.getRevocationChecker();
    checker.setOptions(
        EnumSet.of(
            PKIXRevocationChecker.Option.PREFER_CRLS,
            PKIXRevocationChecker.Option.NO_FALLBACK,
            PKIXRevocationChecker.Option.SOFT_FAIL));
    return checker;
  }

  private static String reason(Throwable problem) {
    for (Throwable each = problem; each != null; each = each.getCause()) {
      String known =
          switch (each) {
            case CertificateExpiredException e -> "The certificate has expired";
            case CertificateNotYetValidException e -> "The certificate is not yet activated";
            case CertPathValidatorException e -> ofPath(e.getReason());
            default -> null;
          };
      if (known != null) {
        return known;
      }
    }
    return UNKNOWN_ISSUER;
  }

  private static @Nullable String ofPath(Reason reason) {
    return switch (reason) {
      case BasicReason.EXPIRED -> "The certificate has expired";
      case BasicReason.NOT_YET_VALID -> "The certificate is not yet activated";
      case BasicReason.REVOKED -> "The certificate has been revoked";
      case BasicReason.ALGORITHM_CONSTRAINED -> "The certificate uses an insecure algorithm";
      case BasicReason.INVALID_SIGNATURE -> "Invalid certificate";
      case PKIXReason.NO_TRUST_ANCHOR -> UNKNOWN_ISSUER;
      default -> null;
    };
  }
}

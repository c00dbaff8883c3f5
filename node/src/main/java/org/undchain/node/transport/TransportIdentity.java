package org.undchain.node.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.node.config.ConfigException;

/**
 * The self-signed P-256 certificate of a node and its private key. It proves nothing by itself: the
 * Hello binds it to the node's Ed25519 identity. No Ed25519 certificate, since many gRPC clients
 * cannot use one.
 *
 * <p>Kept as PEM in {@code transport.pem} (certificate) and {@code transport.key} (0600). If either
 * is gone or damaged both are made anew, and the node names the new one in its next contact record.
 */
public record TransportIdentity(X509Certificate certificate, PrivateKey key) {
  private static final String CERTIFICATE_FILE = "transport.pem";
  private static final String KEY_FILE = "transport.key";
  private static final String CERTIFICATE_LABEL = "CERTIFICATE";
  private static final String KEY_LABEL = "PRIVATE KEY";
  private static final int FILE_MAX = 16 << 10;

  /** Connections look at the binding, not at the date: a certificate must not stop a node. */
  private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");

  private static final Instant UNTIL = Instant.parse("2120-01-01T00:00:00Z");

  /** A new certificate that no file holds, for a client that keeps nothing. */
  public static TransportIdentity create() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=undchain");
      X509Certificate made =
          new JcaX509CertificateConverter()
              .getCertificate(
                  new JcaX509v3CertificateBuilder(
                          name,
                          new BigInteger(127, new SecureRandom()),
                          Date.from(FROM),
                          Date.from(UNTIL),
                          name,
                          pair.getPublic())
                      .build(
                          new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
      return new TransportIdentity(made, pair.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException impossible) {
      throw new IllegalStateException("every JDK has P-256", impossible);
    }
  }

  /** The certificate of a node's folder, made at its first start. */
  public static TransportIdentity in(Path folder) throws ConfigException {
    Path certificate = folder.resolve(CERTIFICATE_FILE);
    Path key = folder.resolve(KEY_FILE);
    try {
      if (Files.exists(certificate) && Files.exists(key)) {
        return new TransportIdentity(
            certificate(pem(certificate, CERTIFICATE_LABEL)), key(pem(key, KEY_LABEL)));
      }
    } catch (IOException | GeneralSecurityException | IllegalArgumentException damaged) {
      // made anew below
    }
    TransportIdentity made = create();
    try {
      Files.createDirectories(folder);
      write(key, KEY_LABEL, made.key().getEncoded());
      write(certificate, CERTIFICATE_LABEL, made.certificateDer().unsafeArray());
      return made;
    } catch (IOException unwritable) {
      throw new ConfigException(
          1311,
          "the transport certificate in " + folder + " cannot be written",
          unwritable.getClass().getSimpleName() + ": " + unwritable.getMessage(),
          List.of("ls -ld " + folder, "choose another data folder"));
    }
  }

  public Bytes certificateDer() {
    try {
      return Bytes.wrap(certificate.getEncoded());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("a certificate that was parsed has a form", impossible);
    }
  }

  /** What a route or contact record may name ({@code transport_hash}). */
  public Hash certificateHash() {
    return Hashes.sha256(certificateDer());
  }

  private static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static PrivateKey key(byte[] der) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static byte[] pem(Path file, String label) throws IOException {
    String text;
    try (InputStream in = Files.newInputStream(file)) {
      text = new String(in.readNBytes(FILE_MAX), StandardCharsets.US_ASCII);
    }
    return Base64.getMimeDecoder()
        .decode(text.replace(begin(label), "").replace(end(label), "").strip());
  }

  private static void write(Path file, String label, byte[] der) throws IOException {
    String text =
        begin(label)
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n"
            + end(label);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Set<StandardOpenOption> how =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel out = FileChannel.open(fresh, how, ownerOnly())) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static String begin(String label) {
    return "-----BEGIN " + label + "-----\n";
  }

  private static String end(String label) {
    return "-----END " + label + "-----\n";
  }
}

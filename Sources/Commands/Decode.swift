import ArgumentParser
import Batches
import VAE

struct Decode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn latent vectors into pictures.",
    discussion: """
      Reads what encode writes, in any of its formats, told apart by their first bytes: lines of \
      numbers, objects a line, or NumPy arrays. The picture is the mean of p(x|z).

        $ latent encode coat.png dress.png -m fashion > vectors.txt
        $ latent decode vectors.txt -m fashion -o out-%04d.png
        $ ls out-*
        out-0001.png  out-0002.png
        $ awk '{ $1 = -$1 } 1' OFS='\\t' vectors.txt \\
            | latent decode -m fashion --grid 2x1 -o pair.png
        $ latent decode walk.npy -m digits -o - | ffmpeg -f image2pipe -i - film.mp4

      A hierarchical model has more latents the larger the picture. ndjson says how large it was; \
      in the other formats --size does, unless the picture is square and its side a multiple of \
      the model's stride.

        $ latent encode photo.png -m photo \\
            | latent decode -m photo --size 768x512 -o p.png
      """)

  @Argument(help: "A latent stream; - or nothing for standard input.")
  var file: String = "-"

  @OptionGroup var model: ModelOption
  @OptionGroup var size: SizeOption
  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    let autoencoder = Autoencoder(model, backend: backend)
    let output = try PictureOutput(
      output.target, count: nil, sheet: sheet.sheet,
      roles: self.model.roles([(file, "the latents")]))
    try output.claim()
    let vectors = try LatentVectors(path: file, model, size: size.image(of: model))
    var count = 0
    while let vector = try vectors.next() {
      try output.write(autoencoder.decode(vector.latents, image: vector.image), at: count)
      count += 1
    }
    guard count > 0 else {
      throw Failure(.noInput, "\(vectors.name): expected latents, found nothing")
    }
    try output.finish()
  }
}

"""Methods of explanation as the reader meets them; what they compute is a row of the engine's own table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """One method: its name (the engine's), its title, and what it costs."""

    name: str
    title: str
    cost: str


METHODS: dict[str, Method] = {
    m.name: m
    for m in (
        Method("LayerGradCam", "Grad-CAM", "at once"),
        Method("IntegratedGradients", "Integrated gradients", "some seconds, refines itself"),
        Method("Occlusion", "Occlusion", "takes longest"),
    )
}
